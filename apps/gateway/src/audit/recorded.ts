/** Operations that change packets: what they do is on the log, with who did it. */
const onTheLog = /^(?:packets|commands|batches)\./;

/** Operations that change nothing that is kept, or are on the log as well. */
const others = new Set(['agents.heartbeat', 'routing.preview', 'approvals.answer_link']);

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether an operation of the API is one whose changes the audit has to keep itself. */
export const isRecorded = (method: string, operation: string): boolean =>
  !reads.has(method.toUpperCase()) && !onTheLog.test(operation) && !others.has(operation);
