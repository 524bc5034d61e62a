import { expect, ready, test } from "../support/test";

test("a person registers, logs in and logs out", { tag: "@main" }, async ({ page, person }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Register" }).click();
  await expect(page).toHaveTitle("Register · Broadsheet");
  await person.registerByForm(page);
  await expect(page).toHaveURL(`/login?name=${person.username}`);
  await expect(page.getByRole("status")).toContainText("We have emailed you a link");
  await expect(page.getByLabel("Email address or username")).toHaveValue(person.username);
  await person.logInByForm(page);
  await expect(page).toHaveURL("/");

  const nav = page.getByRole("navigation", { name: "Main" });
  await expect(nav.getByRole("listitem")).toHaveText(["Home", "Explore", "About", "New post", person.username, "Account", "Log out"]);
  await nav.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("status")).toHaveText("You are logged out.");
  await expect(nav.getByRole("listitem")).toHaveText(["Home", "Explore", "About", "Log in", "Register"]);
});

test("after a logout the button Back shows nothing of the member's", async ({ page, person }) => {
  await person.registerByForm(page);
  await person.logInByForm(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("status")).toHaveText("You are logged out.");
  await page.goBack();
  await expect(page).toHaveURL("/login?next=%2Fpost%2Fnew");
  await expect(page.getByRole("link", { name: "Log in", exact: true })).toBeVisible();
});

test("a message is shown once", async ({ page, person }) => {
  await person.registerByForm(page);
  await page.goto("/login");
  await expect(page.getByRole("status")).toHaveText("");
});

test("what is wrong stands beside its field and on top, and what was typed is kept", { tag: "@main" }, async ({ page, expectNotes }) => {
  expectNotes(/status of 422/);
  await page.goto("/register");
  await ready(page);
  await page.getByLabel("Username").fill("a");
  await page.getByLabel("Email address").fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();

  const summary = page.getByRole("alert");
  await expect(summary.getByRole("listitem")).toHaveText([
    "Enter a username of at least 2 characters",
    "Enter an email address like name@example.com",
    "Enter a password of at least 8 characters",
    "Enter the password again",
  ]);
  await expect(summary).toBeFocused();
  await expect(page).toHaveTitle("Error: Register · Broadsheet");
  await expect(page.getByLabel("Username")).toHaveValue("a");
  await expect(page.getByLabel("Email address")).toHaveValue("nobody");
  await expect(page.getByLabel("Email address")).toHaveAccessibleDescription(
    "Enter an email address like name@example.com",
  );
  await summary.getByRole("link", { name: "Enter an email address like name@example.com" }).click();
  await expect(page.getByLabel("Email address")).toBeFocused();
});

test("a taken name is told beside its field", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  await page.goto("/register");
  await ready(page);
  await page.getByLabel("Username").fill(person.username.toUpperCase());
  await page.getByLabel("Email address").fill("other@example.org");
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#username-error")).toHaveText("Enter another username: this one is taken");
  await expect(page.getByLabel("Email address")).toHaveValue("other@example.org");
});

test("every problem of a registration is told at once", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  await page.goto("/register");
  await ready(page);
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("password123");
  await page.getByLabel("Confirm password").fill("password12");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveText([
    "Enter another username: this one is taken",
    "Enter another email address: this one already has an account",
    "Enter another password: this one is too common",
    "Enter the same password twice",
  ]);
});

test("a failed login says the same whatever was wrong", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 401/);
  await person.register(page);
  for (const name of [person.username, "nobody-at-all"]) {
    await page.goto("/login");
    await ready(page);
    await page.getByLabel("Email address or username").fill(name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText(
      "Check your email address or username, and your password.",
    );
    await expect(page.getByLabel("Email address or username")).toHaveValue(name);
  }
});

test("a page that needs a login is reached after it", async ({ page, person }) => {
  await person.register(page);
  await page.goto("/post/new");
  await expect(page.getByRole("status")).toHaveText("Log in to see that page.");
  await ready(page);
  await person.fillLogin(page);
  await expect(page).toHaveURL("/post/new");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
});

test("a login may lead to an address that leads on", async ({ page, person }) => {
  await person.register(page);
  await page.goto("/login?next=%2Fhome");
  await ready(page);
  await person.fillLogin(page);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Newest posts");
});

test("who is signed in is sent home from login and register", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (const path of ["/login", "/register"]) {
    await page.goto(path);
    await expect(page).toHaveURL("/");
  }
});

test("remember me survives closing the browser, and without it the session ends", async ({ page, person, context }) => {
  await person.register(page);
  const session = async () => (await context.cookies()).find((cookie) => cookie.name === "session");
  await person.logIn(page);
  expect((await session())?.expires).toBe(-1);

  await context.clearCookies();
  await page.goto("/login");
  await ready(page);
  await page.getByLabel("Remember me").check();
  await person.fillLogin(page);
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  const days = ((await session())!.expires - Date.now() / 1000) / 86_400;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
});
