import { after } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { signingSecrets } from './endpoint.js';
import { endpoint } from './hooks.features.js';
import { disable, enable, isActive, isDeleted, rotate } from './index.js';

const made = endpoint();
const at = after(made.created_at, 60);
const later = after(at, 60);

describe('an endpoint', () => {
  it('is disabled once, with the first reason; deleting comes on top', () => {
    const gone = disable(made, 'gone', at);
    expect(gone).toEqual({ ...made, disabled: { reason: 'gone', at }, updated_at: at });
    expect(isActive(gone)).toBe(false);
    expect(disable(gone, 'failing', later)).toBe(gone);
    const deleted = disable(gone, 'deleted', later);
    expect(deleted.disabled).toEqual({ reason: 'deleted', at: later });
    expect([isDeleted(gone), isDeleted(deleted)]).toEqual([false, true]);
    expect(disable(deleted, 'deleted', after(later, 1))).toBe(deleted);
    expect(disable(deleted, 'gone', after(later, 1))).toBe(deleted);
  });

  it('is enabled from where the log is then', () => {
    expect(enable(disable(made, 'failing', at), 812, later)).toEqual({
      ...made,
      after_sequence: 812,
      updated_at: later,
    });
    expect(enable(made, 812, later)).toBe(made);
  });

  it('signs with both secrets until the grace is over, and with the last two at most', () => {
    const rotated = rotate(made, 'sealed two', { at, until: later });
    expect(signingSecrets(rotated, at)).toEqual(['sealed two', 'sealed one']);
    expect(signingSecrets(rotated, after(later, -0.001))).toEqual(['sealed two', 'sealed one']);
    expect(signingSecrets(rotated, later)).toEqual(['sealed two']);
    const again = rotate(rotated, 'sealed three', { at, until: later });
    expect(signingSecrets(again, at)).toEqual(['sealed three', 'sealed two']);
    expect(rotate(made, 'sealed two', { at, until: at }).secret).toEqual({ current: 'sealed two' });
  });
});
