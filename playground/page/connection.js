// Says whether the page still hears of what happens.

const patience = 1000; // ms that a connection may be lost before there is a warning

/** Returns a function that is told whether there is a connection. */
export function connectionStatus(status, banner) {
  let warning = 0;
  const warn = () => {
    banner.textContent = 'The connection to the playground is lost. Is it still running? Trying again…';
    banner.hidden = false;
  };
  return (is) => {
    status.textContent = is ? 'Live' : 'Reconnecting…';
    status.classList.toggle('live', is);
    clearTimeout(warning);
    if (is) banner.hidden = true;
    else warning = setTimeout(warn, patience);
  };
}
