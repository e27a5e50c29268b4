// The rig's promise behind `--restricted`, without which no other restricted test means anything.
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

describe('a folder that nobody has trusted', () => {
  it('is restricted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });
});
