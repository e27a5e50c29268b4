import { doesNotMatch, match, ok } from 'node:assert/strict';
import { JSON_ROLES, ROLE_TEXTS } from '../../../src/agents/roles.ts';
import { systemText } from '../../../src/agents/system.ts';

describe('What an agent is told beside its task', () => {
  it('is the rules, its role, the constraints, and for a report the form of its last word', () => {
    for (const [role, text] of Object.entries(ROLE_TEXTS)) {
      const told = systemText({
        assignment: { role, ...(JSON_ROLES.has(role) ? { reports: true } : {}) },
        skills: [],
      });
      for (const part of [
        text,
        'Do not switch branches',
        'when you end is taken',
        'at most 200 at a time',
        'Ask for what does not depend',
      ])
        ok(told.includes(part), `${role}: ${part}`);
      (JSON_ROLES.has(role) ? match : doesNotMatch)(told, /raw JSON object/);
      ok(told.length < 6000, `${role}: ${told.length}`);
    }
  });

  it('holds who it is, its skills, and a tracked text in place of ours; the rules stand in any case', () => {
    const told = systemText({
      assignment: { role: 'reviewer', identity: 'backend', readOnly: true },
      roleText: 'Be kind.',
      skills: [{ name: 'api', text: 'Version every endpoint.' }],
    });
    for (const part of [
      '# Your role: reviewer\n\nBe kind.',
      'backend engineer',
      '# Skill: api\n\nVersion every endpoint.',
      'Do not switch branches',
      'change no file at all',
    ])
      ok(told.includes(part), part);
    doesNotMatch(told, /You look at work|raw JSON|is taken/);
  });

  it('takes an unknown role for one that writes code, under its own name; nobody without a role is told one', () => {
    const told = systemText({ assignment: { role: 'debugger' }, skills: [] });
    match(told, /# Your role: debugger\n\nYou write the code/);
    doesNotMatch(systemText({ assignment: {}, skills: [] }), /role/i);
  });
});
