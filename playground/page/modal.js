// A form that the bot wants to be filled in, as a dialog over the page.

import { el, iconButton } from './dom.js';
import { inputs } from './inputs.js';

const failed = 'Something went wrong. Try again.';

/**
 * Shows a modal; `submit` is called with the values and files, and returns whether that was answered. The focus goes back to
 * where it was, or to `fallback` when that is gone.
 */
export function showModal(modal, store, submit, fallback) {
  const parts = inputs(modal.components, store);
  const alert = el('p', { class: 'failure', role: 'alert' });
  const send = el('button', { class: 'button primary', type: 'submit' }, el('span', {}, 'Submit'));
  const form = el('form', { class: 'dialog-form', novalidate: true },
    el('header', { class: 'dialog-head' },
      el('h2', { id: 'modal-title' }, modal.title), iconButton('close', 'Close', () => dialog.close())),
    el('p', { class: 'dialog-note' }, 'This form will be submitted to ', el('strong', {}, store.bot.username),
      '. Do not share passwords or other sensitive information.'),
    el('div', { class: 'dialog-body' }, parts.map(({ node }) => node)),
    el('footer', { class: 'dialog-foot' }, alert,
      el('button', { class: 'button secondary', type: 'button', on: { click: () => dialog.close() } }, 'Cancel'), send));
  const dialog = el('dialog', { id: 'modal', class: 'dialog', 'aria-labelledby': 'modal-title' }, form);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const wrong = parts.filter((part) => !part.check());
    wrong[0]?.focus();
    if (wrong.length > 0 || send.classList.contains('pending')) return;
    alert.textContent = '';
    send.classList.add('pending');
    const answered = await submit(...await filled(parts));
    send.classList.remove('pending');
    if (answered) dialog.close();
    else alert.textContent = failed;
  });
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    before.blur(); // the browser has given back the focus, but not the caret
    (before.isConnected ? before : fallback).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  parts.find(({ focus }) => focus)?.focus();
}

async function filled(parts) {
  const values = {};
  const files = {};
  for (const { name, value, files: chosen } of parts) {
    if (value) values[name] = value();
    if (chosen) files[name] = await chosen();
  }
  return [values, files];
}
