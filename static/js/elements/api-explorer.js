// Swagger UI for this site's schema. Requests that are tried here change the site's data.
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
    delete schema.components.securitySchemes.browser; // scripts cannot set its cookie, so only a token can be used here
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
      persistAuthorization: false, // otherwise the token would stay in the browser's storage
      validatorUrl: null, // no requests to other sites
      // Without the session cookie, so that the response is the one that a program with this token gets.
      requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
    });
  }

  #say(words) {
    this.replaceChildren(Object.assign(document.createElement("p"), { className: "docs-says", textContent: words }));
  }
}
customElements.define("api-explorer", ApiExplorer);
