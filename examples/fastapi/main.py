"""A shop's API on FastAPI."""

from cors_py.asgi import CORSMiddleware
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders")
def orders() -> list[str]:
    return ["tea", "coffee"]


@app.put("/orders/{number}")
def change(number: int) -> dict[str, int]:
    return {"changed": number}


# Added last, so that it is the first that a request meets.
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["PUT"],
    allow_headers=["content-type"],
    allow_credentials=True,
    max_age=7200,
)
