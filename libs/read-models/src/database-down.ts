// Connection trouble, a server that stops or is too full, a statement that took too long, and tables that the
// projector has not made yet.
const notAvailable = /^(08|53|57|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOST|42P01|42703|3F000)/;
const connectionLost = /terminated|timeout|not connected|Cannot use a pool|DataSource is not/i;

/** Whether a query failed because the database cannot be asked now, and not for a mistake of ours. */
export const isDatabaseDown = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (notAvailable.test(code) || connectionLost.test(error.message)) return true;
  // Several addresses were tried (localhost): each failed in its own way.
  return error instanceof AggregateError && error.errors.some(isDatabaseDown);
};
