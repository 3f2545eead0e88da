import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A line or paragraph of apt's source lists. */
interface Entry {
  uri: string;
  suites: string[];
  /** The keyring file named for this source, when one is. */
  signedBy?: string;
}

export interface AptSource extends Entry {
  archive: 'debian' | 'ubuntu';
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** Reads a deb822 file (`*.sources`): paragraphs of `Field: value`, continued by indented lines. */
export const parseDeb822 = (text: string): Entry[] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => fieldsOf(paragraph))
    .filter((fields) => words(fields.get('types')).includes('deb') && fields.get('enabled') !== 'no')
    .flatMap((fields) => {
      const signedBy = words(fields.get('signed-by'))[0];
      const suites = words(fields.get('suites'));
      return words(fields.get('uris')).map((uri) => ({ uri, suites, ...(signedBy ? { signedBy } : {}) }));
    });

const fieldsOf = (paragraph: string): Map<string, string> => {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of paragraph.split('\n').filter((text) => !text.startsWith('#'))) {
    const field = /^([\w-]+):\s*(.*)$/.exec(line);
    if (field?.[1] !== undefined) last = field[1].toLowerCase();
    fields.set(last, `${fields.get(last) ?? ''} ${field?.[2] ?? line}`.trim());
  }
  return fields;
};

/** Reads a one-line file (`*.list`): `deb [options] uri suite components…`. */
export const parseOneLine = (text: string): Entry[] =>
  text.split('\n').flatMap((line) => {
    const parts = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line);
    const [, options, uri, suite] = parts ?? [];
    if (uri === undefined || suite === undefined) return [];
    const signedBy = /\bsigned-by=([^\s,]+)/.exec(options ?? '')?.[1];
    return [{ uri, suites: [suite], ...(signedBy ? { signedBy } : {}) }];
  });

const read = async (file: string): Promise<Entry[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return file.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text);
};

/** Only mirrors of a main archive count: neither security archives nor somebody's own packages. */
const archiveOf = (uri: string): AptSource['archive'] | undefined => {
  const [, name] = /^https?:.*\/(debian|ubuntu)\/*$/.exec(uri) ?? [];
  return name as AptSource['archive'] | undefined;
};

/** The Debian and Ubuntu mirrors this machine's apt is set up with, each once. */
export const configuredSources = async (root = '/etc/apt'): Promise<AptSource[]> => {
  const parts = join(root, 'sources.list.d');
  const names = (await readdir(parts).catch(() => [] as string[])).filter((name) =>
    /\.(list|sources)$/.test(name),
  );
  const files = [join(root, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  const mirrors = new Map<string, AptSource>();
  for (const entry of (await Promise.all(files.map(read))).flat()) {
    const archive = archiveOf(entry.uri);
    if (archive !== undefined && !mirrors.has(entry.uri)) mirrors.set(entry.uri, { ...entry, archive });
  }
  return [...mirrors.values()];
};
