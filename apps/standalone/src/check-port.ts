import { createServer } from 'node:net';
import type { Config } from '#libs/service-kit';

/** Finds out before anything is started whether the API can listen. @throws the error of listening */
export const checkPort = ({ port, host }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
