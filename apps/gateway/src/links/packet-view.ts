import type {
  AgentRef,
  Artifact,
  AwaitingPacket,
  Decision,
  Dependency,
  Json,
  PacketContent,
  Turn,
} from '#libs/packet';
import { html, type Html } from './html.js';
import { told, when } from './page.js';

const json = (value: Json): Html => html`<pre dir="auto">${JSON.stringify(value, null, 2)}</pre>`;

/** A list, or nothing where there is nothing to list. */
const list = <T>(title: string, items: readonly T[], show: (item: T) => Html): Html | null =>
  items.length === 0
    ? null
    : html`<h3>${title}</h3>
        <ul>
          ${items.map((item) => html`<li>${show(item)}</li> `)}
        </ul>`;

const agent = ({ id, name }: AgentRef): Html =>
  name === id ? told(id) : html`${told(name)} <span class="soft">(${told(id)})</span>`;

const fact = (name: string, value: Html | string | undefined): Html | null =>
  value === undefined
    ? null
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;

const facts = ({ metadata }: PacketContent): Html =>
  html`<dl>
    ${fact('From', agent(metadata.source_agent))}
    ${fact('To', metadata.target_agent && agent(metadata.target_agent))}
    ${fact('Priority', `${metadata.priority} (${metadata.priority_level} of 10)`)}
    ${fact('Deadline', metadata.deadline && when(metadata.deadline))}
    ${fact('Why it is handed over', metadata.reason === undefined ? undefined : told(metadata.reason))}
    ${fact('Tags', metadata.tags.length === 0 ? undefined : told(metadata.tags.join(', ')))}
  </dl>`;

const decision = ({ decision: what, rationale, alternatives = [], decided_by }: Decision): Html =>
  html`${told(what)}<br /><span class="soft"
      >Because:
      ${told(rationale)}${
        alternatives.length > 0 && html`<br />Instead of: ${told(alternatives.join('; '))}`
      }${decided_by !== undefined && html`<br />Decided by ${told(decided_by)}`}</span
    >`;

const dependency = ({ type, status, description, source }: Dependency): Html =>
  html`${told(description)}
    <span class="soft">(${type}, ${status}${source !== undefined && html`, ${told(source)}`})</span>`;

// An address is shown, not made a link: what is clicked on this page is the form.
const artifact = ({ key, value, url, content_type }: Artifact): Html =>
  html`${told(key)}${content_type !== undefined && html` <span class="soft">(${told(content_type)})</span>`}${
    url !== undefined && html`<br />${told(url)}`
  }${value !== undefined && json(value)}`;

const actions = ({ actions: { pending, completed, failed } }: PacketContent): Html =>
  html` ${list(
    'To be done',
    pending,
    ({ description, assignee, deadline }) =>
      html`${told(description)}
        <span class="soft">(${told(assignee)}${deadline && html`, until ${when(deadline)}`})</span>`,
  )}
  ${list('Done', completed, ({ description, result }) => html`${told(description)}: ${told(result)}`)}
  ${list('Failed', failed, ({ description, error }) => html`${told(description)}: ${told(error)}`)}`;

const turn = ({ role, content, timestamp }: Turn): Html =>
  html`<strong>${role}</strong
    >${timestamp && html` <span class="soft">${when(timestamp)}</span>`}<br />${told(content)}`;

const folded = (title: string, content: Html): Html =>
  html`<details>
    <summary>${title}</summary>
    ${content}
  </details>`;

const conversation = (turns: readonly Turn[]): Html | null =>
  turns.length === 0
    ? null
    : folded(
        `Conversation (${turns.length})`,
        html`<ol>
          ${turns.map((one) => html`<li>${turn(one)}</li>`)}
        </ol>`,
      );

/** Everything that the decision is about: what the digest of the checkpoint covers is all here. */
export const packetView = ({ id, content }: AwaitingPacket): Html => {
  const { context, decisions, actions: acts, dependencies } = content;
  const everything = { context, decisions, actions: acts, dependencies } as unknown as Json;
  return html`<section aria-labelledby="about">
    <h2 id="about">What it is about</h2>
    <p>${told(context.summary)}</p>
    ${facts(content)} ${list('Decisions made so far', decisions, decision)} ${actions(content)}
    ${list('It depends on', dependencies, dependency)} ${list('Artifacts', context.artifacts, artifact)}
    ${conversation(context.conversation_state)} ${folded('All of it, as data', json(everything))}
    <p class="soft">Packet ${id}</p>
  </section>`;
};
