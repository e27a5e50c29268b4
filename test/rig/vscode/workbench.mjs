// Finds its way through the workbench as a person does: by what is written on things. All answers are locators, which
// wait by themselves for what they stand for. The contract of each function stands in scene.d.mts.

// Long enough for a cold start on a busy machine; what takes longer is broken.
const patience = 60_000;

// How long one step of an attempt waits for what a key or a click should have done, before it is done again.
const BRIEF = 5_000;

export function workbenchOf(page) {
  page.setDefaultTimeout(patience);
  return {
    ready: () => ready(page),
    soon,
    command: (text) => command(page, text),
    openFile: (name) => openFile(page, name),
    goTo: (line, column) => goTo(page, line, column),
    pick: (text) => pick(page, text),
    choose: (text) => choose(page, text),
    click,
    openView: (container) => openView(page, container),
    row: (text) => row(page, text),
    rowAction: (text, action) => rowAction(page, text, action),
    hoverOver: (what, text) => hoverOver(page, what, text),
    webview: (title) => webview(page, title),
    terminal: (name) => terminal(page, name),
    type: (text) => typeInTerminal(page, text),
    problem: (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first(),
    notification: (text) => page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first(),
    dialog: () => page.locator('.monaco-dialog-box'),
    statusBarItem: (text) => statusBarItem(page, text),
    tab: (text) => page.locator('.tabs-container .tab', { hasText: text }).first(),
  };
}

async function ready(page) {
  await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  // The item of a connected server: from then on the extension host can answer.
  await page.locator('.monaco-workbench .part.activitybar .action-label').first().waitFor();
}

async function command(page, text) {
  const typed = `>${text}`;
  const entry = page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first();
  // The list does not grow while it is open: a command whose extension was scanned a moment later needs another look.
  await soon(async () => {
    await leaveTerminal(page);
    await openQuickInput(page, 'F1', typed);
    await entry.click({ timeout: BRIEF });
    await page.waitForFunction(isLeft, typed, { timeout: BRIEF });
  });
}

async function openFile(page, name) {
  const base = name.split('/').at(-1);
  await soon(async () => {
    await openQuickInput(page, 'Control+p', name);
    await pick(page, base).click({ timeout: BRIEF });
    await page.locator('.tabs-container .tab.active', { hasText: base }).waitFor({ timeout: BRIEF });
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: BRIEF });
  });
}

async function goTo(page, line, column) {
  await soon(async () => {
    await openQuickInput(page, 'Control+g', `:${line}:${column}`);
    await page.keyboard.press('Enter');
    await statusBarItem(page, `Ln ${line}, Col ${column}`).waitFor({ timeout: BRIEF });
  });
}

// A choice that was just made is still closing, and takes the key with it: the next attempt finds it closed.
async function openQuickInput(page, key, typed) {
  const widget = page.locator('.quick-input-widget');
  if (await widget.isVisible()) await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  await widget.locator('input.input').fill(typed, { timeout: BRIEF });
}

// Runs in the page. Whether the palette took what was typed: it is closed, or a choice of the command stands there.
function isLeft(typed) {
  const widgets = [...document.querySelectorAll('.quick-input-widget')].filter(
    (one) => one.getClientRects().length > 0,
  );
  return widgets.every((widget) => widget.querySelector('input.input')?.value !== typed);
}

async function click(what, until) {
  await what.waitFor();
  await soon(async () => {
    if (!(await until.first().isVisible())) await what.click({ timeout: BRIEF });
    await until.first().waitFor({ timeout: BRIEF });
  });
}

// A list that is drawn anew under the pointer loses the click: then the choice is still there.
async function choose(page, text) {
  const entry = pick(page, text);
  await entry.waitFor();
  await soon(async () => {
    if (await entry.isVisible()) await entry.click({ timeout: BRIEF });
    await entry.waitFor({ state: 'hidden', timeout: BRIEF });
  });
}

function pick(page, text) {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
}

function row(page, text) {
  return page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
}

function statusBarItem(page, text) {
  return page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
}

// A key that a terminal does not get makes the editor explain that in a toast, which would be in every later picture.
async function leaveTerminal(page) {
  await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused?.classList.contains('xterm-helper-textarea')) focused.blur();
  });
}

// One attempt after the other, each with steps of its own that give up after BRIEF, until one gets to its end.
async function soon(attempt) {
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
  const one = row(page, text);
  await one.waitFor();
  // Its buttons are there only under the pointer, and a tree that grows moves it away.
  await soon(async () => {
    await one.hover({ timeout: BRIEF });
    await one.locator(`.action-label[aria-label^="${action}"]`).first().click({ timeout: BRIEF });
  });
}

// A hover begins with a move of the mouse, and ends where its row is drawn anew.
async function hoverOver(page, what, text) {
  await what.waitFor();
  await soon(async () => {
    await page.mouse.move(0, 0);
    await what.hover({ timeout: BRIEF });
    await page.locator('.monaco-hover', { hasText: text }).first().waitFor({ timeout: BRIEF });
  });
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
