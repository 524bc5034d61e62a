import type { BrowserContext, Page } from "@playwright/test";
import { command } from "../support/command";
import { png } from "../support/png";
import { expect, Person, ready, test } from "../support/test";
import type { OwnSite } from "../support/site";

/** Registers and logs in an administrator of `site`. */
async function administrator(page: Page, site: OwnSite, worker: number) {
  const person = new Person(worker);
  await person.register(page, site.origin);
  command(site.port, "user", "promote", person.username);
  await person.logIn(page, site.origin);
}

/** Fills in the form of the appearance and saves it. */
async function save(page: Page, site: OwnSite, accent: string, css: string) {
  await page.goto(`${site.origin}/admin/appearance`);
  await ready(page);
  await page.getByLabel("Accent colour").fill(accent);
  await page.getByLabel("Custom CSS").fill(css);
  await page.getByRole("button", { name: "Save appearance" }).click();
}

const styleOf = (page: Page, selector: string, name: string) =>
  page.locator(selector).evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);

async function reader(site: OwnSite, openContext: (options?: object) => Promise<BrowserContext>, options = {}) {
  const page = await (await openContext(options)).newPage();
  await page.goto(site.origin);
  return page;
}

test("an administrator gives the site a colour, CSS, a logo and an icon", async ({ page, openSite, openContext, expectNotes }, info) => {
  expectNotes(/the server responded with a status of 422/, /Connecting to 'blob:/);
  const site = await openSite();
  await administrator(page, site, info.workerIndex);

  await save(page, site, "#ffff00", "a {\n  color: url(https://example.com);\n}");
  await expect(page.locator("#accent-error")).toHaveText(/^Use #[0-9a-f]{6} instead/);
  const nearest = (await page.locator("#accent-error").innerText()).slice(4, 11);
  await expect(page.getByRole("img", { name: `Light theme: ${nearest}` })).toBeVisible();
  await page.getByLabel("Accent colour").fill(nearest);
  await page.getByRole("button", { name: "Save appearance" }).click();
  await expect(page.locator("#custom_css-error")).toContainText("Line 2, column 10: use the address of a picture of this site");
  await expect(page.getByLabel("Custom CSS")).toHaveValue("a {\n  color: url(https://example.com);\n}");

  await save(page, site, "#1a5f9e", ".masthead { letter-spacing: 3px }");
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  // The colour is used here as well, the CSS is not.
  await expect.poll(() => styleOf(page, "button.button", "border-top-color")).toBe("rgb(26, 95, 158)");
  expect(await styleOf(page, ".masthead", "letter-spacing")).toBe("normal");

  const buffer = png(600, 120, [30, 90, 160]);
  for (const [path, label, button] of [
    ["logo", "Logo", "Save logo"],
    ["icon", "Icon", "Save icon"],
  ]) {
    await page.goto(`${site.origin}/admin/${path}`);
    await ready(page);
    await page.getByLabel(label, { exact: true }).setInputFiles({ name: "logo.png", mimeType: "image/png", buffer });
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
    await expect(page.locator(".site-image")).toBeVisible();
  }

  const visitor = await reader(site, openContext);
  const logo = visitor.getByRole("banner").getByRole("img", { name: "Broadsheet" });
  await expect(logo).toHaveAttribute("width", "480");
  await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(600);
  expect(await styleOf(visitor, ".masthead", "letter-spacing")).toBe("3px");
  const light = await styleOf(visitor, "html", "--accent");
  expect(light).toContain("#1a5f9e");
  const icon = await visitor.locator("link[rel=icon]").first().getAttribute("href");
  expect((await visitor.request.get(`${site.origin}${icon}`)).headers()["content-type"]).toBe("image/png");

  await page.goto(`${site.origin}/admin/logo`);
  await ready(page);
  await page.getByRole("button", { name: "Remove logo" }).click();
  await expect(page.getByRole("banner").getByText("Broadsheet")).toBeVisible();
});

test("CSS that hides everything leaves the administration usable", async ({ page, openSite }, info) => {
  const site = await openSite();
  await administrator(page, site, info.workerIndex);
  await save(page, site, "#8c1d18", "body { display: none !important }");
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  await page.goto(site.origin);
  await expect(page.locator("body")).toBeHidden();
  for (const path of ["/admin", "/account", "/moderation"]) {
    await page.goto(`${site.origin}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await save(page, site, "#8c1d18", "");
  // The page loads again after it was saved.
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  await page.goto(site.origin);
  await expect(page.getByRole("banner")).toBeVisible();
});

test("custom CSS comes and goes with the pages", async ({ page, openSite }, info) => {
  const site = await openSite();
  await administrator(page, site, info.workerIndex);
  await save(page, site, "#8c1d18", ".masthead { letter-spacing: 3px }");
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  const spacing = () => styleOf(page, ".masthead", "letter-spacing");
  const main = page.getByRole("navigation", { name: "Main" });
  for (const [link, expected] of [
    ["Home", "3px"],
    ["Explore", "3px"],
    ["Account", "normal"],
    ["Explore", "3px"],
    ["New post", "3px"],
    ["Admin", "normal"],
  ] as const) {
    await ready(page);
    await main.getByRole("link", { name: link, exact: true }).click();
    await expect(main.getByRole("link", { name: link, exact: true })).toHaveAttribute("aria-current", "page");
    await expect.poll(spacing, { message: link }).toBe(expected);
    await expect(page.locator("link#custom-css")).toHaveCount(expected === "normal" ? 0 : 1);
  }
  await page.goBack();
  await expect.poll(spacing).toBe("3px");
  await page.goForward();
  await expect.poll(spacing).toBe("normal");
});
