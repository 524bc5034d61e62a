import { expect, Person, ready, test } from "../support/test";

test("a profile is changed and seen by others", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("link", { name: "Account" }).click();
  await expect(page).toHaveTitle("Profile · Broadsheet");
  await ready(page);
  await expect(page.getByLabel("Username")).toHaveValue(person.username);
  await page.getByLabel("Username").fill(`${person.username}-x`);
  await page.getByLabel("About me").fill("I count </textarea><b>things</b>.");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile has been saved.");
  await expect(page.getByLabel("About me")).toHaveValue("I count </textarea><b>things</b>.");

  await nav.getByRole("link", { name: `${person.username}-x` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${person.username}-x`);
  await expect(page.getByRole("main")).toContainText("I count </textarea><b>things</b>.");
  await expect(page.getByRole("main")).toContainText("member since");
});

test("one's own profile leads to what can be done there, and an empty one to a first post", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto(`/user/${person.username}`);
  const main = page.getByRole("main");
  await expect(main).toContainText("You have not published anything yet.");
  await expect(main.getByRole("link", { name: "Write your first post" })).toHaveAttribute("href", "/post/new");
  await expect(main.getByRole("link", { name: "Edit profile" })).toHaveAttribute("href", "/account");
  const guest = await (await openContext()).newPage();
  await guest.goto(`/user/${person.username}`);
  await expect(guest.getByRole("main")).toContainText(`${person.username} has not published anything yet.`);
  await expect(guest.getByRole("link", { name: "Edit profile" })).toHaveCount(0);

  for (let number = 1; number <= 6; number += 1) await person.publish(page, `Post ${number}`, "text");
  await page.goto(`/user/${person.username}?page=2`);
  await ready(page);
  await expect(page.getByRole("heading", { name: `Posts by ${person.username} (6)` })).toBeVisible();
  await main.getByRole("link", { name: "Write a post" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
});

test("a name that somebody has is refused beside its field, and what was typed is kept", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  const other = new Person(0, `${person.username}-other`);
  await other.register(page);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account");
  await ready(page);
  await page.getByLabel("Username").fill(other.username.toUpperCase());
  await page.getByLabel("About me").fill("words");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.locator("#username-error")).toHaveText("Enter another username: this one is taken");
  await expect(page.locator(".summary")).toBeFocused();
  await expect(page.getByLabel("About me")).toHaveValue("words");
});

test("a password is changed with the current one, and other browsers are logged out", async ({ page, person, openContext, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  const elsewhere = await (await openContext({ javaScriptEnabled: false })).newPage();
  await person.logIn(page);
  await elsewhere.goto("/login");
  await person.fillLogin(elsewhere);
  await expect(elsewhere).toHaveURL("/");

  const change = async (current: string) => {
    await page.goto("/account/password");
    await ready(page);
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill("an entirely new password");
    await page.getByLabel("Confirm password").fill("an entirely new password");
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not my password");
  await expect(page.locator("#current_password-error")).toHaveText("Enter your current password: this one is not correct");
  await change(person.password);
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("status")).toContainText("Your password has been changed.");
  await elsewhere.goto("/account");
  await expect(elsewhere).toHaveURL("/login?next=%2Faccount");
});

test("sessions are listed, and ended one by one or all at once", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  const others = [];
  for (let number = 0; number < 3; number += 1) {
    const other = await (await openContext({ javaScriptEnabled: false })).newPage();
    await other.goto("/login");
    await person.fillLogin(other);
    await expect(other).toHaveURL("/");
    others.push(other);
  }
  await page.goto("/account/sessions");
  await ready(page);
  const rows = page.locator(".session");
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText("This browser");
  await expect(rows.first()).toContainText("Chrome on Windows");
  await rows.nth(1).getByRole("button").click();
  await expect(page.getByRole("status")).toHaveText("That session has ended.");
  await expect(rows).toHaveCount(3);
  await ready(page);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expect(page.getByRole("status")).toHaveText("All other sessions have ended.");
  await expect(rows).toHaveCount(1);
  for (const other of others) {
    await other.goto("/account");
    await expect(other).toHaveURL("/login?next=%2Faccount");
  }
  await ready(page);
  await rows.first().getByRole("button", { name: "Log out here" }).click();
  await expect(page.getByRole("status")).toHaveText("You are logged out.");
});

test("an account is deleted with its password, and its posts with it", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 404/, /status of 422/);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On engines", "text");
  const post = page.url();
  await page.goto("/account/delete");
  await ready(page);
  await page.getByLabel("Current password").fill("not my password");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.locator("#current_password-error")).toBeVisible();
  await expect(page.locator(".summary")).toBeFocused();
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("status")).toHaveText("Your account and everything in it have been deleted.");
  await expect(page.getByRole("link", { name: "Register" })).toBeVisible();
  for (const gone of [post, `/user/${person.username}`]) {
    await page.goto(gone);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  }
});

test("after too many logins the form comes back and says when to try again", async ({ page, person, expectNotes, baseURL }) => {
  expectNotes(/status of 401/, /status of 429/);
  const limited = new URL(baseURL!);
  limited.port = String(Number(limited.port) + 1);
  await page.goto(`${limited.origin}/login`);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await ready(page);
    await page.getByLabel("Email address or username").fill(person.username);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText(/Check your email|Try again in/);
    await expect(page.getByRole("alert")).toBeFocused();
  }
  await expect(page.getByRole("alert")).toContainText(/Nothing was changed. Try again in \d+ (minutes|hours)\./);
  await expect(page.getByLabel("Email address or username")).toHaveValue(person.username);
});

test("a profile that was sent after the session had ended is kept, and sent again after a login elsewhere", async ({ page, person, context, expectNotes }) => {
  expectNotes(/status of 401/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account");
  await ready(page);
  await page.getByLabel("About me").fill("never lost");
  await context.clearCookies({ name: "session" });
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.locator(".summary")).toContainText("Log in in a new tab");
  await expect(page.getByLabel("About me")).toHaveValue("never lost");

  const elsewhere = await context.newPage();
  await person.logIn(elsewhere);
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile has been saved.");
  await expect(page.getByLabel("About me")).toHaveValue("never lost");
});

test("long words and names widen no page", async ({ page, person }) => {
  const long = new Person(0, `${person.username}-${"x".repeat(32)}`.slice(0, 32));
  await long.register(page);
  await long.logIn(page);
  await long.publish(page, "W".repeat(150), "M".repeat(400));
  for (const path of [page.url(), "/", `/user/${long.username}`, "/account", "/account/sessions"]) {
    await page.goto(path);
    for (const width of [320, 360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
      expect(overflow, `${path} at ${width}`).toBe(0);
    }
  }
});
