/** The one API version this stand-in speaks: the version stripe-node 23.1 pins. */
export const API_VERSION = '2026-10-28.endive'
