/** What to tell someone who chooses a passphrase. */
export interface PassphraseStrength {
  /** False: the passphrase is refused, and the first advice says why. */
  readonly acceptable: boolean
  /** 0 refused, 1 weak, 2 fair, 3 good, 4 strong. */
  readonly score: 0 | 1 | 2 | 3 | 4
  /** Sentences to show, most important first; empty for a strong one. */
  readonly advice: readonly string[]
}

/** Fewest characters accepted. */
export const shortestPassphrase = 8

/** Characters from which a passphrase is advised (ASVS 6.2.1). */
export const advisedPassphrase = 15

/** Words that guessers try first, alone or with digits and signs around them. Lower case, without digits that stand for letters. */
const commonWords = new Set(
  `password passwort passphrase motdepasse contrasena senha parola wachtwoord haslo salasana losenord kennwort geheim secret
  letmein welcome willkommen bienvenue iloveyou loveyou admin administrator root user guest login master changeme default
  qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm yxcvbnm qazwsx qazwsxedc wsxedc
  abc abcd abcde abcdef abcdefg abcdefgh abcabc test testing tester demo sample example temp temporary trustno trustme
  dragon monkey football baseball basketball soccer hockey golf tennis liverpool arsenal chelsea barcelona juventus realmadrid
  sunshine princess shadow superman batman spiderman ironman starwars pokemon naruto minecraft fortnite pikachu godzilla matrix
  michael jennifer jordan ashley daniel thomas robert andrew joshua matthew charlie george jessica michelle nicole amanda
  alexander anthony william richard joseph david james john maria anna laura sarah hannah sophie oliver harry jack
  killer hunter ranger buster pepper ginger cookie cheese banana orange apple summer winter spring autumn january february march
  april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
  london paris berlin madrid newyork america canada australia england germany france spain italy mexico brazil
  computer internet google facebook twitter instagram youtube microsoft windows apple samsung android iphone amazon netflix
  hello helloworld hallo bonjour ciao freedom forever family friends lovely lover baby angel flower butterfly sweet sweetheart
  money dollar business company office invoice accounting bookkeeping ledger vault countinghouse freelance freelancer
  whatever nothing nopassword mypassword yourpassword newpassword oldpassword thepassword passwordpassword
  access accessdenied letmeinnow openup opensesame sesame security secure security private privat confidential topsecret
  mustang ferrari porsche mercedes corvette harley yamaha honda toyota jaguar phoenix thunder tigger tiger eagle falcon wolf
  jesus christ blessed heaven lucky lucifer satan devil god maggie bailey bandit max rocky buddy samantha merlin`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** Runs of neighbouring keys or letters, read forwards and backwards. */
const sequences = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
].flatMap((run) => [run, [...run].reverse().join('')])

const lookalikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

function lettersOnly(text: string): string {
  return text.replace(/[^\p{L}]/gu, '')
}

function isCommonWord(text: string): boolean {
  const trimmed = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const spellings = [text, trimmed].map((word) => lettersOnly([...word].map((sign) => lookalikes[sign] ?? sign).join('')))
  return [lettersOnly(text), ...spellings].some((word) => commonWords.has(word))
}

/** The shortest piece whose repetition is the whole text. */
function repeatedPiece(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    const piece = text.slice(0, length)
    if (piece.repeat(Math.ceil(text.length / length)).startsWith(text)) return piece
  }
  return text
}

/** The number of characters left when each run along a sequence of four or more counts as one. */
function lengthWithoutSequences(text: string): number {
  let counted = 0
  let at = 0
  while (at < text.length) {
    let run = 1
    for (let length = 4; at + length <= text.length; length++) {
      const piece = text.slice(at, at + length)
      if (!sequences.some((sequence) => sequence.includes(piece))) break
      run = length
    }
    counted++
    at += run
  }
  return counted
}

function refused(reason: string): PassphraseStrength {
  return {
    acceptable: false,
    score: 0,
    advice: [reason, `Use at least ${advisedPassphrase} characters, for example five random words.`],
  }
}

/**
 * Judges a passphrase by its length, its repetitions and the words that guessers try first. Character classes are not demanded
 * (ASVS 6.2.5): length is what makes guessing dear.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const text = passphrase.normalize('NFKC').toLowerCase()
  const length = [...text].length
  if (length < shortestPassphrase) return refused(`The passphrase is shorter than ${shortestPassphrase} characters.`)
  const piece = repeatedPiece(text)
  if ([...piece].length < 4 || new Set(text).size < 4) return refused('The passphrase repeats the same few characters.')
  if (isCommonWord(text) || isCommonWord(piece)) return refused('The passphrase is among the first that anyone would guess.')
  const effective = piece === text ? lengthWithoutSequences(text) : [...piece].length
  if (effective < 4) return refused('The passphrase is a row of neighbouring keys, letters or digits.')

  const advice: string[] = []
  if (length < advisedPassphrase) advice.push(`Use at least ${advisedPassphrase} characters, for example five random words.`)
  if (piece !== text) advice.push('Avoid repeating the same part.')
  else if (effective < length) advice.push('Avoid rows of neighbouring keys, letters or digits.')
  if (/^[\d\W_]+$/u.test(text) && !/\p{L}/u.test(text)) advice.push('Add words: digits alone are guessed quickly.')
  const score = effective < 10 ? 1 : effective < advisedPassphrase ? 2 : effective < 20 ? 3 : 4
  return { acceptable: true, score: advice.length > 0 && score > 2 ? 2 : score, advice }
}
