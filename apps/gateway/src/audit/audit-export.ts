import { Readable } from 'node:stream';
import type { AuditEntry, AuditPage } from '#libs/audit';
import type { ApiReply } from '../http/call.js';
import { csvHead, csvLine } from './csv.js';

export type ExportFormat = 'csv' | 'jsonl';

interface Form {
  type: string;
  head: string;
  line: (entry: AuditEntry) => string;
}

const forms: Record<ExportFormat, Form> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', head: csvHead, line: csvLine },
  jsonl: {
    type: 'application/jsonl; charset=utf-8',
    head: '',
    line: (entry) => `${JSON.stringify(entry)}\n`,
  },
};

/** Reads the page behind a cursor, or the first. */
export type ReadPage = (cursor?: string) => Promise<AuditPage>;

// The next page is read when the last one has been taken: however long the audit is, one page of it is in memory.
async function* linesOf(first: AuditPage, read: ReadPage, { head, line }: Form): AsyncGenerator<string> {
  yield head;
  for (let page = first; ;) {
    yield page.entries.map(line).join('');
    if (page.next_cursor === null) return;
    page = await read(page.next_cursor);
  }
}

/** Answers with everything, page after page. Should it break off, so does the connection: nobody takes a part for the whole. */
export const sendExport = async (reply: ApiReply, format: ExportFormat, read: ReadPage): Promise<void> => {
  const form = forms[format];
  const first = await read();
  void reply
    .code(200)
    .type(form.type)
    .header('content-disposition', `attachment; filename="audit.${format}"`)
    .send(Readable.from(linesOf(first, read, form)));
};
