// Files that a person hands over.

/** Reads files into what the playground takes: their names, and their data in base64. */
export function contents(files) {
  return Promise.all([...files].map(async (file) => ({ name: file.name, data: await base64(file) })));
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result.slice(reader.result.indexOf(',') + 1)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
