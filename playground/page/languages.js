// The languages that Discord speaks, for people to choose from.

import { el } from './dom.js';

const english = new Intl.DisplayNames(['en'], { type: 'language' });

/** Fills a select element with languages: those of the bot first. */
export function fillLanguages(select, spoken, all, chosen) {
  const others = all.filter((tag) => !spoken.includes(tag));
  const group = (label, tags) => tags.length > 0 && el('optgroup', { label }, tags.map((tag) => el('option', { value: tag }, named(tag))));
  select.replaceChildren(...[group('Spoken by the bot', spoken), group('Others', others)].filter(Boolean));
  select.value = chosen;
}

/** A language by its own name and in English: "Deutsch – German". */
export function named(tag) {
  const own = new Intl.DisplayNames([tag], { type: 'language' }).of(tag);
  const inEnglish = english.of(tag);
  const capital = own.charAt(0).toLocaleUpperCase(tag) + own.slice(1);
  return capital === inEnglish ? capital : `${capital} – ${inEnglish}`;
}
