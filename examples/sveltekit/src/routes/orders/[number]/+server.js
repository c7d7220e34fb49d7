import { json } from "@sveltejs/kit";

export const PUT = ({ params }) => json({ changed: Number(params.number) });
