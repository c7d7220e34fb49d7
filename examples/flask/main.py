"""A shop's API on Flask."""

from cors_py import Policy
from cors_py.flask import CORS
from flask import Flask, jsonify

app = Flask("shop")
CORS(
    app,
    policies={
        "/": Policy(
            allow_origins=["https://app.example.com"],
            allow_methods=["PUT"],
            allow_headers=["content-type"],
            allow_credentials=True,
            max_age=7200,
        )
    },
)


@app.get("/orders")
def orders():
    return jsonify(["tea", "coffee"])


@app.put("/orders/<int:number>")
def change(number: int):
    return jsonify(changed=number)
