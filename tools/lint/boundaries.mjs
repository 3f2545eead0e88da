// Who may know whom, by the tags in each project.json. docs/architecture.md draws the same arrow.
const row = (sourceTag, onlyDependOnLibsWithTags, rest = {}) => ({
  sourceTag,
  onlyDependOnLibsWithTags,
  ...rest,
});

const adapters = ['type:adapter', 'type:on-log'];
const service = ['type:domain', 'type:contract', ...adapters, 'type:kit'];
const storage = ['typeorm', 'pg', '@nats-io/jetstream', '@nats-io/kv'];

export const depConstraints = [
  row('type:domain', [], { allowedExternalImports: [] }),
  row('type:contract', ['type:domain'], {
    allowedExternalImports: [
      'class-validator',
      'class-transformer',
      'reflect-metadata',
      '@nestjs/swagger',
      'ajv',
      'ajv/*',
      'ajv-formats',
    ],
  }),
  // Local mode is the domain in the process of its user; the wire types are generated.
  row('type:client', ['type:domain', 'type:adapter'], { allowedExternalImports: [] }),
  row('type:cli', ['type:client'], { allowedExternalImports: ['commander', 'smol-toml', 'yaml'] }),
  row('type:adapter', ['type:domain', 'type:contract'], { bannedExternalImports: ['@nestjs/*'] }),
  // Libraries that stand on the log as the applications do.
  row('type:on-log', ['type:domain', 'type:contract', 'type:adapter'], {
    bannedExternalImports: ['@nestjs/*'],
  }),
  row('type:kit', ['type:domain', 'type:contract', ...adapters], { bannedExternalImports: storage }),
  row('type:embedded', [], { bannedExternalImports: ['@nestjs/*', 'typeorm'] }),
  row('scope:edge', service, { bannedExternalImports: storage }),
  row('scope:service', service, { bannedExternalImports: storage }),
  row('scope:standalone', [...service, 'type:embedded', 'type:app'], { bannedExternalImports: storage }),
  row('type:testing', ['type:domain', 'type:contract', ...adapters, 'type:embedded']),
  row('type:e2e', ['type:domain', 'type:contract', ...adapters, 'type:embedded', 'type:testing']),
  row('type:bench', ['type:domain', 'type:contract', ...adapters, 'type:embedded', 'type:testing']),
  row('platform:any', ['platform:any']),
];
