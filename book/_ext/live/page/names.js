/* By which names a book's pages keep things in the browser: `PREFIX PAGE KIND KEY`. */

/** The beginning of all names of a book, by the folder of its live files: two books stay apart. */
export const bookPrefix = (live) => `live ${new URL(live, location.href).pathname} `;
