// Files for the commands that take one, besides those that are chosen: dragged onto the composer, or made by the page.

import { types } from './commands.js';

const isFile = ({ type }) => type === types.attachment;

/** Begins a command with the file that it takes. */
export function beginWith(composer, path, file) {
  composer.begin(composer.commands.find((command) => command.path === path));
  give(composer.draft, file);
}

/** Lets a file be dropped onto the form, when a command that takes one is being typed there. */
export function filesDropped(form, { draft }) {
  const wanted = ({ dataTransfer }) => draft.command?.options.some(isFile) && dataTransfer.types.includes('Files');
  form.addEventListener('dragover', (event) => wanted(event) && event.preventDefault());
  form.addEventListener('drop', (event) => {
    if (!wanted(event)) return;
    event.preventDefault();
    give(draft, event.dataTransfer.files[0]);
  });
}

function give(draft, file) {
  draft.add(draft.command.options.find(isFile)).put(file);
}
