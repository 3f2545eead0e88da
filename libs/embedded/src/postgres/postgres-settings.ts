interface Facts {
  cluster: string;
  port: number;
  disposable: boolean;
}

/**
 * Everything here can be rebuilt from the log, so commits do not wait for the disk: a power cut loses
 * the last moments, and the projector, whose checkpoint is lost with them, goes on from there. `fsync`
 * stays on, because without it a power cut may leave pages that look sound and are not.
 */
const settings = ({ port, disposable }: Facts): Record<string, string | number> => ({
  listen_addresses: '127.0.0.1',
  port,
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  synchronous_commit: 'off',
  fsync: disposable ? 'off' : 'on',
  full_page_writes: disposable ? 'off' : 'on',
  // No replica and no archive hang on this server.
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: 1.1,
  // Compiling pays for long analytic queries only; ours are short.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // A client's failed statement is the client's to log; this file gets the server's own news.
  log_min_messages: 'log',
  log_checkpoints: 'off',
});

/** The command line of `postgres`: settings live here, not in files that an older version wrote. */
export const postgresArguments = (facts: Facts): string[] => [
  '-D',
  facts.cluster,
  ...Object.entries(settings(facts)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];
