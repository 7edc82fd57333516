export class CorrectArea { constructor(page) { this.page = page } }
