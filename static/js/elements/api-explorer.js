// Swagger UI over our schema. What is tried here is done in this house.
class ApiExplorer extends HTMLElement {
  connectedCallback() {
    document.documentElement.classList.toggle("dark-mode", document.documentElement.dataset.bsTheme === "dark");
    globalThis.SwaggerUIBundle({
      url: this.dataset.schema,
      domNode: this,
      presets: [globalThis.SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      deepLinking: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      persistAuthorization: false, // a token in the browser's storage would outlive the visit
      validatorUrl: null, // nothing asks elsewhere
      // Only the token counts, whoever is signed in: what is tried answers as it will answer the program.
      requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
    });
  }
}
customElements.define("api-explorer", ApiExplorer);
