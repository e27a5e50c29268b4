// Finds its way through the workbench as a person does: by what is written on things. All answers are locators, which
// wait by themselves for what they stand for. The contract of each function stands in scene.d.mts.

// Long enough for a cold start on a busy machine; what takes longer is broken.
const patience = 60_000;

export function workbenchOf(page) {
  page.setDefaultTimeout(patience);
  return {
    ready: () => ready(page),
    command: (text, options) => command(page, text, options),
    pick: (text) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first(),
    openView: (container) => openView(page, container),
    row: (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first(),
    rowAction: (text, action) => rowAction(page, text, action),
    webview: (title) => webview(page, title),
    terminal: (name) => terminal(page, name),
    type: (text) => typeInTerminal(page, text),
    problem: (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first(),
    notification: (text) => page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first(),
    dialog: () => page.locator('.monaco-dialog-box'),
    statusBarItem: (text) => page.locator('.part.statusbar .statusbar-item', { hasText: text }).first(),
    tab: (text) => page.locator('.tabs-container .tab', { hasText: text }).first(),
  };
}

async function ready(page) {
  await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  // The item of a connected server: from then on the extension host can answer.
  await page.locator('.monaco-workbench .part.activitybar .action-label').first().waitFor();
}

async function command(page, text, { stays = false } = {}) {
  const widget = page.locator('.quick-input-widget');
  const entry = widget.locator('.monaco-list-row', { hasText: text }).first();
  // The list does not grow while it is open: a command whose extension was scanned a moment later needs another look.
  await expectSoon(async () => {
    await leaveTerminal(page);
    if (await widget.isVisible()) await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    // A choice that was just made is still closing, and takes the key for the palette with it.
    await widget.locator('input.input').fill(`>${text}`, { timeout: 5000 });
    await entry.waitFor({ timeout: 5000 });
  });
  await entry.click();
  // Some commands go on in the same place with a choice of their own.
  if (!stays) await widget.waitFor({ state: 'hidden' });
}

// A key that a terminal does not get makes the editor explain that in a toast, which would be in every later picture.
async function leaveTerminal(page) {
  await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused?.classList.contains('xterm-helper-textarea')) focused.blur();
  });
}

async function expectSoon(attempt) {
  const limit = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error.name !== 'TimeoutError' || Date.now() > limit) throw error;
    }
  }
}

async function openView(page, container) {
  const label = page.locator(`.activitybar .action-label[aria-label^="${container}"]`).first();
  await label.waitFor();
  const shown = page.locator('.part.sidebar .composite.title', { hasText: new RegExp(container, 'i') });
  if (await shown.isVisible()) return;
  await label.click();
  try {
    await shown.waitFor({ timeout: 10_000 });
  } catch {
    // The icon is a switch: on a view that a reload is just bringing back, the click closes it. The command is none.
    await command(page, `View: Show ${container}`);
    await shown.waitFor();
  }
}

async function rowAction(page, text, action) {
  const row = page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  await row.hover(); // its buttons are there only under the pointer
  await row.locator(`.action-label[aria-label^="${action}"]`).first().click();
}

// The page of an extension is two frames deep; the inner one carries its title.
function webview(page, title) {
  const inner = title === undefined ? 'iframe#active-frame' : `iframe#active-frame[title="${title}"]`;
  return page.frameLocator('iframe.webview.ready').frameLocator(inner);
}

function terminal(page, name) {
  const rows = page.locator('.terminal-wrapper.active .xterm-rows');
  return name === undefined
    ? rows
    : page.locator('.terminal-tabs-entry, .single-terminal-tab', { hasText: name }).first();
}

async function typeInTerminal(page, text) {
  const input = page.locator('.terminal-wrapper.active .xterm-helper-textarea');
  // What is typed before the shell speaks would be lost.
  await page.locator('.terminal-wrapper.active .xterm-rows > div', { hasText: /\S/ }).first().waitFor();
  await input.focus();
  await page.keyboard.type(text);
}
