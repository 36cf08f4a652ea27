// Swagger UI for our schema. Requests that are tried here change this installation's data.
class ApiExplorer extends HTMLElement {
  connectedCallback() {
    document.documentElement.classList.toggle("dark-mode", document.documentElement.dataset.bsTheme === "dark");
    this.#schema().then(
      (spec) => this.#draw(spec),
      () => this.#say("The schema could not be read. Reload the page."),
    );
  }

  async #schema() {
    const answer = await fetch(this.dataset.schema, { headers: { Accept: "application/vnd.oai.openapi+json" } });
    const schema = await answer.json();
    delete schema.components.securitySchemes.browser; // no page can set that cookie: a token is what can be given here
    return schema;
  }

  #draw(spec) {
    globalThis.SwaggerUIBundle({
      spec,
      domNode: this,
      presets: [globalThis.SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      deepLinking: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      persistAuthorization: false, // a token in the browser's storage would outlive the visit
      validatorUrl: null, // nothing asks elsewhere
      // Without the session cookie, so that only the token counts and the answer is the one a program gets.
      requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
    });
  }

  #say(words) {
    this.replaceChildren(Object.assign(document.createElement("p"), { className: "docs-says", textContent: words }));
  }
}
customElements.define("api-explorer", ApiExplorer);
