import { collectDefaultMetrics, register } from 'prom-client';

let collecting = false;

/** Starts the process's own metrics (memory, event loop, garbage collection), once. */
export const startMetrics = (service: string): void => {
  register.setDefaultLabels({ service });
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics();
};

/** The body of `GET /metrics`, and its content type. */
export const renderMetrics = async (): Promise<{ contentType: string; body: string }> => ({
  contentType: register.contentType,
  body: await register.metrics(),
});
