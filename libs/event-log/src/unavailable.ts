/**
 * The log could not be asked, or did not answer in time. What was sent may or may not have happened: send it
 * again with the same command id.
 */
export class LogUnavailable extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'LogUnavailable';
  }
}
