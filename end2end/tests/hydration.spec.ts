import { expect, ready, test } from "../support/test";

/** Counts the documents that the browser loads. */
function countLoads(page: import("@playwright/test").Page) {
  const loads: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  return loads;
}

test("after the first page nothing is loaded as a page again", async ({ page, person }) => {
  await page.goto("/");
  await ready(page);
  const loads = countLoads(page);

  await page.getByRole("link", { name: "Register" }).click();
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/login");
  await expect(page.getByRole("status")).toHaveText("Your account has been created. You can log in now.");

  await person.fillLogin(page);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("link", { name: "New post" }).click();
  await expect(page.getByRole("status")).toHaveText("");

  await page.getByLabel("Title").fill("Hydrated");
  await page.getByLabel("Content").fill("text");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hydrated");
  await expect(page).toHaveTitle("Hydrated · Broadsheet");
  await expect(page.getByRole("status")).toHaveText("Your post is published.");

  await nav.getByRole("button", { name: "Logout" }).click();
  await expect(page).toHaveURL("/");
  await expect(nav.getByRole("link", { name: "Login" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hydrated");
  expect(loads).toEqual([]);
});

test("a form is checked before it is sent", async ({ page }) => {
  await page.goto("/register");
  await ready(page);
  let sent = 0;
  page.on("request", () => (sent += 1));
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  expect(sent).toBe(0);
});

test("logging out on the home page says so", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await ready(page);
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("button", { name: "Logout" }).click();
  await expect(page.getByRole("status")).toHaveText("You are logged out.");
});

test("a page that needs a login leads over it and back without a page load", async ({ page, person }) => {
  await person.register(page);
  await page.goto("/");
  await ready(page);
  const loads = countLoads(page);
  await page.evaluate(() => {
    const link = document.createElement("a");
    link.href = "/post/new";
    link.textContent = "Write";
    document.querySelector("main")!.append(link);
    link.click();
  });
  await expect(page).toHaveURL("/login?next=%2Fpost%2Fnew");
  await expect(page.getByRole("status")).toHaveText("Log in to see that page.");
  await person.fillLogin(page);
  await expect(page).toHaveURL("/post/new");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await expect(page.getByRole("link", { name: person.username })).toBeVisible();
  expect(loads).toEqual([]);
});

test("the page is the same before and after hydration", async ({ page, browser, baseURL, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "The same", "text with *Markdown*");
  const address = new URL(page.url()).pathname;
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const visitor = await browser.newContext({ baseURL });
  const [before, after] = [await plain.newPage(), await visitor.newPage()];
  for (const path of ["/about", "/login", "/register", address, `/user/${person.username}`]) {
    await before.goto(path);
    await after.goto(path);
    await ready(after);
    const html = (it: import("@playwright/test").Page) => it.locator("body").evaluate((body) => {
      const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
      while (walker.nextNode());
      return body.innerHTML.replace(/<!--.*?-->/g, "");
    });
    expect(await html(after), path).toBe(await html(before));
  }
  await plain.close();
  await visitor.close();
});

test("no JavaScript console message appears on any page", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (const path of ["/", "/about", "/post/new", `/user/${person.username}`]) {
    await page.goto(path);
    await ready(page);
  }
});
