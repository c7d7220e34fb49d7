//! The stack `aspnet`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, sure};

pub(super) const ROW: Row = Row {
    name: "aspnet",
    other_names: &["asp.net", "aspnetcore", "dotnet"],
    title: "ASP.NET Core",
    layer: Layer::Application,
    is_run: false,
    signs: &[sure("server", "kestrel"), likely("x-powered-by", "asp.net"), likely("server", "microsoft-iis")],
    command: None,
    parts: &[
        Template {
            place: "Program.cs, before builder.Build()",
            language: "csharp",
            list: DOUBLE,
            text: "builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
    .WithOrigins({{origins}})
    .WithMethods({{methods}})
@headers     .WithHeaders({{headers}})
@exposed     .WithExposedHeaders({{exposed}})
@credentials     .AllowCredentials()
    .SetPreflightMaxAge(TimeSpan.FromSeconds({{max-age}}))));
",
        },
        Template {
            place: "Program.cs, after UseExceptionHandler and UseRouting, before UseAuthentication",
            language: "csharp",
            list: DOUBLE,
            text: "app.UseCors();
",
        },
    ],
    notes: &[],
    limits: NONE,
};
