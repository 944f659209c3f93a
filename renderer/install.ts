import { config } from 'zod'
import { installTrustedTypes } from './trustedTypes'

installTrustedTypes()
// The page's policy refuses code from strings, which zod would try to make for speed.
config({ jitless: true })
