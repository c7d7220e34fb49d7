export default defineEventHandler(() => ["tea", "coffee"]);
