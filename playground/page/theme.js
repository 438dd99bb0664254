// Dark or light: what the system prefers, until the reader chooses. Loaded before the first paint, so that nothing flashes.

const system = matchMedia('(prefers-color-scheme: light)');
const systemTheme = () => (system.matches ? 'light' : 'dark');
const theme = () => localStorage.getItem('theme') ?? systemTheme();

/** Makes the buttons switch the theme. Choosing what the system prefers follows the system again. */
export function switchTheme(buttons, icon) {
  const draw = () => {
    const other = theme() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme();
    for (const button of buttons) {
      button.replaceChildren(icon(other === 'light' ? 'sun' : 'moon'));
      button.title = `Switch to the ${other} theme`;
      button.setAttribute('aria-label', button.title);
    }
  };
  const flip = () => {
    const chosen = theme() === 'dark' ? 'light' : 'dark';
    if (chosen === systemTheme()) localStorage.removeItem('theme');
    else localStorage.setItem('theme', chosen);
    draw();
  };
  for (const button of buttons) button.addEventListener('click', flip);
  system.addEventListener('change', draw);
  draw();
}

document.documentElement.dataset.theme = theme();
