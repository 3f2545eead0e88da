import { Argument } from 'commander';
import type { CommandGroup } from '../command-group.js';
import { wordsToComplete } from '../complete-words.js';

// The shells ask the program itself, so what they offer is what it has.
const bash = `_handoffrail() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
    handoffrail __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null
  )
}
complete -o default -F _handoffrail handoffrail
`;

const zsh = `#compdef handoffrail
_handoffrail() {
  local -a found
  found=(\${(f)"$(handoffrail __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _handoffrail handoffrail
`;

const fish = `function __handoffrail_complete
  set -l words (commandline -opc) (commandline -ct)
  handoffrail __complete -- $words[2..-1] 2>/dev/null
end
complete -c handoffrail -a '(__handoffrail_complete)'
`;

const scripts = { bash, zsh, fish };
type ShellName = keyof typeof scripts;

/** What a shell needs to finish words. */
export const completing: CommandGroup = {
  heading: 'This shell:',
  add: (program, run) => {
    program
      .command('completion')
      .description('print what lets a shell complete words: source <(handoffrail completion bash)')
      .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(scripts)))
      .action(
        run(async (session, { shell: name }: { shell: ShellName }) => {
          session.show({ shell: name, script: scripts[name] }, { text: ({ script }) => script.trimEnd() });
          return Promise.resolve();
        }),
      );

    program
      .command('__complete', { hidden: true })
      .argument('[words...]')
      .action(
        run(async (session, { words }: { words: string[] }) => {
          const found = wordsToComplete(program, words);
          if (found.length > 0) session.show(found, { text: (list) => list.join('\n') });
          return Promise.resolve();
        }),
      );
  },
};
