export default defineEventHandler((event) => ({ changed: Number(getRouterParam(event, "number")) }));
