/** The text of a file, built in. */
declare module '*?raw' {
  const text: string
  export default text
}
