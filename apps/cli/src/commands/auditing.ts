import { type Command, Option } from 'commander';
import type { AuditEntryDocument, AuditListDocument, Listing } from '#libs/sdk';
import type { CommandGroup, Run } from '../command-group.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { auditList } from '../show/audit.js';
import { csvHead, csvLine } from '../show/csv.js';
import { since } from '../since.js';
import { writeAll } from '../write-all.js';

interface AuditFlags extends PageFlags {
  actor?: string;
  action?: string;
  packet?: string;
  result?: 'allowed' | 'denied';
  since?: string;
  until?: string;
  format?: Format;
}

type Format = 'csv' | 'jsonl';

const forms: Record<Format, { head: string; line: (entry: AuditEntryDocument) => string }> = {
  csv: { head: csvHead, line: csvLine },
  jsonl: { head: '', line: (entry) => `${JSON.stringify(entry)}\n` },
};

async function* exported(listing: Listing<AuditListDocument, AuditEntryDocument>, format: Format) {
  const { head, line } = forms[format];
  yield head;
  for await (const { entries } of listing.pages()) yield entries.map(line).join('');
}

const filterOf = ({ actor, action, packet, result, since: from, until }: AuditFlags) => ({
  ...{ actor, action, result },
  packet_id: packet,
  created_after: from,
  created_before: until,
});

const addAudit = (program: Command, run: Run): void => {
  paged(
    program.command('audit').description('who changed what, and what was refused, newest first; for admins'),
  )
    .option('--actor <who>', 'id of an agent or a key, or how a key begins')
    .option('--action <action>', 'an action, or all of a kind: control.*')
    .option('--packet <id>', 'about this packet')
    .addOption(new Option('--result <result>', 'whether it was let through').choices(['allowed', 'denied']))
    .option('--since <instant>', 'after it: an instant, or 2h ago as 2h', since)
    .option('--until <instant>', 'before it', since)
    .addOption(new Option('--format <format>', 'everything, as lines of it').choices(['csv', 'jsonl']))
    .action(
      run(async (session, flags: AuditFlags) => {
        const rail = await session.rail();
        const all = { ...flags, all: flags.all || flags.format !== undefined };
        const listing = rail.listAudit({ ...filterOf(flags), ...pageQuery(all) });
        if (flags.format) return writeAll(session.shell.stdout, exported(listing, flags.format));
        session.show(await pageOf(listing, 'entries', flags), auditList);
      }),
    );
};

export const auditing: CommandGroup = { heading: 'See how it goes:', add: addAudit };
