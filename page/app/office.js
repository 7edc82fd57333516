export class OfficeArea { constructor(page) { this.page = page } }
