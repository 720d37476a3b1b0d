/** What is used of Entra's client. A bundler keeps all of a package that is loaded at first use, but no more than this file names. */
export { ClientSecretCredential } from '@azure/identity'
