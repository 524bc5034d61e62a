import { png } from "../support/png";
import type { Locator, Page } from "@playwright/test";
import { expect, ready, test } from "../support/test";

const buffer = png(300, 200, [200, 30, 30]);

/** Saves a profile picture for the logged-in user, and returns its locator on the page. */
async function save(page: Page): Promise<Locator> {
  await page.goto("/account/picture");
  await ready(page);
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
  await page.getByRole("button", { name: "Save picture" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been saved.");
  return page.getByRole("region", { name: "Current picture" }).locator("img");
}

test("a picture is uploaded, shown wherever its owner is, and removed", { tag: "@main" }, async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On engines", "text");
  const now = await save(page);
  await expect(now).toHaveAttribute("src", /^\/media\/picture\/[0-9a-f-]+-128\.(webp|jpg)$/);
  await expect.poll(() => now.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  await page.goto(`/user/${person.username}`);
  await expect(page.locator(".person img")).toHaveAttribute("src", /^\/media\/picture\//);
  await expect(page.locator(".card img")).toHaveAttribute("src", /^\/media\/picture\//);
  await page.goto("/account/picture");
  await ready(page);
  await page.getByRole("button", { name: "Remove picture" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile picture has been removed.");
  await expect(now).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Current picture" }).locator("[data-initials^=A]")).toBeVisible();
});

test("what is no picture, is damaged or was not chosen is refused with what to do", async ({ page, person, expectNotes }) => {
  // Playwright's trace recorder itself fetches the object URL of the picture.
  expectNotes(/status of 4(15|22)/, /Connecting to 'blob:/);
  await person.register(page);
  await person.logIn(page);
  for (const [buffer, words] of [
    [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "Choose a JPEG, PNG, WebP or GIF file"],
    [png(200, 200, [1, 2, 3]).subarray(0, 60), "Choose another picture: this file is damaged or not a picture"],
    [undefined, "Choose a picture"],
  ] as const) {
    await page.goto("/account/picture");
    await ready(page);
    if (buffer) await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
    await page.getByRole("button", { name: "Save picture" }).click();
    await expect(page.locator("#picture-error")).toHaveText(words);
    await expect(page).toHaveTitle("Error: Profile picture · Broadsheet");
    await expect(page.locator(".summary")).toBeFocused();
  }
});

test("pictures that a bucket sends are shown, in texts as well", async ({ person, openContext, baseURL }) => {
  const site = new URL(baseURL!);
  site.port = String(Number(site.port) + 2);
  const page = await (await openContext({ baseURL: site.href })).newPage();
  const signed: string[] = [];
  page.on("response", (answer) => {
    if (answer.url().includes("X-Amz-Signature=")) signed.push(`${answer.status()} ${answer.headers()["content-type"]}`);
  });
  await person.register(page);
  await person.logIn(page);
  const now = await save(page);
  await expect.poll(() => now.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(128);

  await page.goto("/post/image");
  await ready(page);
  await page.getByLabel("Picture").setInputFiles({ name: "field.png", mimeType: "image/png", buffer });
  await page.getByRole("button", { name: "Upload picture" }).click();
  const sent = page.getByRole("img", { name: "The picture" });
  const address = await sent.getAttribute("src");
  await person.publish(page, "With a picture", `![A red field](${address})`);
  const shown = page.getByRole("img", { name: "A red field" });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(300);
  expect(signed).not.toEqual([]);
  for (const answer of signed) expect(answer).toMatch(/^200 image\/(webp|jpeg)$/);
});
