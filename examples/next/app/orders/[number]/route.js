export async function PUT(request, { params }) {
  const { number } = await params;
  return Response.json({ changed: Number(number) });
}
