/** Whether a text looks like one address; the service looks more closely. */
export const isEmail = (text: string) => /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+$/.test(text.trim())
