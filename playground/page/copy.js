// Code that one can take along.

import { el, icon } from './dom.js';

/** Draws a block of code with a button that copies it, where the browser lets a page do that. */
export function codeBlock(text) {
  return el('div', { class: 'code-block' },
    el('pre', {}, el('code', {}, text)),
    navigator.clipboard && copyButton(text));
}

function copyButton(text) {
  const button = el('button', { class: 'copy', type: 'button', title: 'Copy', 'aria-label': 'Copy' }, icon('copy'));
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon('check'));
    button.setAttribute('aria-label', 'Copied');
    setTimeout(() => {
      button.replaceChildren(icon('copy'));
      button.setAttribute('aria-label', 'Copy');
    }, 1500);
  });
  return button;
}
