export { httpMail } from './http.ts'
export { type Letter, type Mail, oneLine } from './model.ts'
export { queueLetter, sendLetter } from './queue.ts'
