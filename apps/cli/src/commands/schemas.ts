import type { Command } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { readDocument } from '../input.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { integer } from '../parse.js';
import { doneLine } from '../show/listing.js';
import { schemaCard, schemaList } from '../show/schemas.js';

interface RegisterFlags {
  name: string;
  file: string;
  schemaVersion?: number;
}

const addRegister = (schemas: Command, run: Run): void => {
  schemas
    .command('register <name>')
    .description('register a JSON Schema for the context of packets, or its next version')
    .requiredOption('--file <file>', 'the schema in JSON or YAML; - for standard input')
    .option('--schema-version <n>', 'its version; the next one when left out', integer(1))
    .action(
      run(async (session, { name, file, schemaVersion }: RegisterFlags) => {
        const jsonSchema = await readDocument(file, session.shell.stdin);
        const rail = await session.rail();
        const made = await rail.schemas.register({ name, version: schemaVersion, jsonSchema });
        session.show(made, schemaCard);
      }),
    );
};

const addList = (schemas: Command, run: Run): void => {
  paged(schemas.command('list').description('list schemas by name and version'))
    .option('--name <name>', 'the versions of this one')
    .action(
      run(async (session, flags: PageFlags & { name?: string }) => {
        const rail = await session.rail();
        const query = { ...pageQuery(flags), name: flags.name };
        session.show(await pageOf(rail.schemas.list(query), 'schemas', flags), schemaList);
      }),
    );
};

const addOne = (schemas: Command, run: Run): void => {
  schemas
    .command('get <id>')
    .description('show one schema')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.schemas.get(id), schemaCard);
      }),
    );
  schemas
    .command('remove <id>')
    .description('delete a schema that no live packet uses')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        await rail.schemas.remove(id);
        session.show({ id, removed: true }, doneLine('Removed'));
      }),
    );
};

export const schemas: CommandGroup = {
  heading: 'Manage:',
  add: (program, run) => {
    const group = program
      .command('schemas')
      .description('JSON Schemas that the context of packets must satisfy');
    for (const add of [addRegister, addList, addOne]) add(group, run);
  },
};
