// The card at the bottom left: who one is, what one may do, and in which language.

import { avatar, nameOf } from './avatar.js';
import { el } from './dom.js';
import { fillLanguages } from './languages.js';
import { standing } from './person.js';

export class Profile {
  #bits = {}; // the permissions that can be switched, by name

  /** Needs its elements and the person. */
  constructor(parts, person) {
    Object.assign(this, parts, { person });
    this.language.addEventListener('change', () => person.choose({ locale: this.language.value }));
    this.reset.addEventListener('click', () => person.choose({ permissions: null }));
    this.card.addEventListener('toggle', ({ newState }) => newState === 'open' && this.users.querySelector(':checked').focus());
    person.addEventListener('change', () => this.#draw());
  }

  /** Takes the languages and permissions that there are from a state. */
  load({ locales = [], permissions = {}, host }) {
    this.#bits = permissions;
    fillLanguages(this.language, host?.locales ?? [], locales, this.person.locale);
    this.permissions.replaceChildren(...Object.keys(permissions).map((name) => this.#switch(name)));
    this.#draw();
  }

  #draw() {
    const { user, permissions, overruled } = this.person;
    if (!user) return;
    this.face.replaceChildren(avatar(user));
    this.name.textContent = nameOf(user);
    this.standing.textContent = standing(permissions);
    this.users.replaceChildren(...this.person.users.map((each) => this.#user(each)));
    this.reset.hidden = !overruled;
    for (const each of this.permissions.children) each.firstElementChild.ariaChecked = String(this.#has(each.firstElementChild.value));
  }

  #user(user) {
    const checked = user === this.person.user;
    const input = el('input', { type: 'radio', name: 'user', value: user.username, checked });
    input.addEventListener('change', () => {
      this.person.choose({ username: user.username });
      this.users.querySelector(':checked').focus();
    });
    return el('label', { class: 'profile-user' }, input, avatar(user), el('span', {}, `${nameOf(user)}, ${standing(user.permissions)}`));
  }

  #switch(name) {
    const button = el('button', { class: 'switch', type: 'button', role: 'switch', value: name }, words(name));
    button.addEventListener('click', () => this.person.choose({ permissions: String(this.person.permissions ^ BigInt(this.#bits[name])) }));
    return el('li', {}, button);
  }

  #has(name) {
    const bit = BigInt(this.#bits[name]);
    return (this.person.permissions & bit) === bit;
  }
}

// "ManageGuild" is called "Manage Server" by Discord's own page.
function words(name) {
  return name.replace('Guild', 'Server').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
