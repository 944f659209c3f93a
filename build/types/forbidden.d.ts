// Resolving 'electron' to this empty module makes every import of it from the core a compile error.
export {}
