//! The fields of all forms.

use serde::{Deserialize, Serialize};

crate::variants! {
    /// A field of a form, whose name in requests is also its id on the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Field {
        /// The username.
        Username { name: "username", label: "Username", noun: "a username", is_secret: false },
        /// An email address.
        Email { name: "email", label: "Email address", noun: "an email address", is_secret: false },
        /// A password.
        Password { name: "password", label: "Password", noun: "a password", is_secret: true },
        /// The password again.
        ConfirmPassword { name: "confirm_password", label: "Confirm password", noun: "the password again", is_secret: true },
        /// The current password.
        CurrentPassword { name: "current_password", label: "Current password", noun: "your current password", is_secret: true },
        /// A new password.
        NewPassword { name: "new_password", label: "New password", noun: "a new password", is_secret: true },
        /// The display name.
        DisplayName { name: "display_name", label: "Display name", noun: "a display name", is_secret: false },
        /// The pronouns.
        Pronouns { name: "pronouns", label: "Pronouns", noun: "pronouns", is_secret: false },
        /// The profile text.
        About { name: "about", label: "About me", noun: "something about yourself", is_secret: false },
        /// The biography.
        Biography { name: "biography", label: "Biography", noun: "a biography", is_secret: false },
        /// The location.
        Location { name: "location", label: "Location", noun: "a location", is_secret: false },
        /// The web site.
        Website { name: "website", label: "Web site", noun: "a web address", is_secret: false },
        /// The links on a profile.
        Links { name: "links", label: "Links", noun: "a web address on each line", is_secret: false },
        /// The file of an avatar.
        Picture { name: "picture", label: "Profile picture", noun: "a picture", is_secret: false },
        /// The file of an inline image.
        Image { name: "image", label: "Picture", noun: "a picture", is_secret: false },
        /// An email address or username.
        Login { name: "login", label: "Email address or username", noun: "your email address or username", is_secret: false },
        /// Whether to stay logged in.
        Remember { name: "remember", label: "Remember me", noun: "yes or no", is_secret: false },
        /// The title of a post.
        Title { name: "title", label: "Title", noun: "a title", is_secret: false },
        /// The tags of a post.
        Tags { name: "tags", label: "Tags", noun: "tags", is_secret: false },
        /// The text of a post.
        Content { name: "content", label: "Content", noun: "some content", is_secret: false },
        /// The text of a comment.
        Comment { name: "comment_content", label: "Your comment", noun: "a comment", is_secret: false },
        /// The note about a change of a post.
        ChangeNote { name: "change_note", label: "What has changed", noun: "what has changed", is_secret: false },
        /// The readers of a post.
        Visibility { name: "visibility", label: "Who can read it", noun: "who can read it", is_secret: false },
        /// The line below the title of a post.
        Subtitle { name: "subtitle", label: "Subtitle", noun: "a subtitle", is_secret: false },
        /// The excerpt of a post.
        Excerpt { name: "excerpt", label: "Excerpt", noun: "an excerpt", is_secret: false },
        /// The words of the address of a post.
        Slug { name: "slug", label: "Words of the address", noun: "words", is_secret: false },
        /// The address at which a post was published first.
        Canonical { name: "canonical", label: "First published at", noun: "a web address", is_secret: false },
        /// Whether a post has a table of contents.
        Contents { name: "contents", label: "Show a table of contents", noun: "yes or no", is_secret: false },
        /// The cover of a post.
        Cover { name: "cover", label: "Cover", noun: "the address of a picture that you have uploaded", is_secret: false },
        /// The alternative text of a cover.
        CoverAlt { name: "cover_alt", label: "What the cover shows", noun: "a description", is_secret: false },
        /// The caption of a cover.
        CoverCaption { name: "cover_caption", label: "Caption of the cover", noun: "a caption", is_secret: false },
        /// The later time at which a post is published.
        PublishAt { name: "publish_at", label: "Date and time", noun: "a date and time", is_secret: false },
        /// The note of a link with which others can read a draft.
        LinkNote { name: "link_note", label: "Whom it is for", noun: "whom it is for", is_secret: false },
        /// The name of the site.
        SiteName { name: "site_name", label: "Name of the site", noun: "a name for the site", is_secret: false },
        /// The description of the site.
        SiteDescription { name: "site_description", label: "Description", noun: "a description", is_secret: false },
        /// The language of the site.
        Language { name: "language", label: "Language", noun: "a language", is_secret: false },
        /// The time zone of the site.
        TimeZone { name: "time_zone", label: "Time zone", noun: "a time zone", is_secret: false },
        /// The mode of registration.
        Registration { name: "registration", label: "Registration", noun: "who can register", is_secret: false },
        /// The domains at which the email addresses of new accounts cannot be.
        BlockedMailDomains { name: "blocked_mail_domains", label: "Blocked email providers", noun: "domains", is_secret: false },
        /// Who reads and writes comments.
        Comments { name: "comments", label: "Comments", noun: "who can comment", is_secret: false },
        /// The number of days after which comments are closed.
        CommentsCloseAfter { name: "comments_close_after", label: "Close comments after", noun: "a number of days", is_secret: false },
        /// Whether texts of new members can wait for a moderator.
        Trust { name: "trust", label: "Be careful with new members", noun: "yes or no", is_secret: false },
        /// The number of posts on one page.
        PostsPerPage { name: "posts_per_page", label: "Posts per page", noun: "a number of posts", is_secret: false },
        /// The notice at the top of every page.
        Notice { name: "notice", label: "Notice", noun: "a notice", is_secret: false },
        /// The last day of the notice.
        NoticeUntil { name: "notice_until", label: "Show the notice until", noun: "a date", is_secret: false },
        /// The text at the foot of every page.
        FooterText { name: "footer_text", label: "Footer text", noun: "a text", is_secret: false },
        /// Whether the foot of every page names the software.
        SoftwareCredit { name: "software_credit", label: "Name the software at the foot of every page", noun: "yes or no", is_secret: false },
        /// The static page that takes the place of home.
        HomePage { name: "home_page", label: "Page on the home page", noun: "the address of a page", is_secret: false },
        /// Whether the newest posts are below it.
        HomePosts { name: "home_posts", label: "Show the newest posts below that page", noun: "yes or no", is_secret: false },
        /// The entries of the navigation bar.
        Navigation { name: "navigation", label: "Navigation bar", noun: "the navigation bar", is_secret: false },
        /// The links in the footer.
        FooterLinks { name: "footer_links", label: "Footer links", noun: "the links in the footer", is_secret: false },
        /// The address of a static page.
        Address { name: "address", label: "Address", noun: "an address", is_secret: false },
        /// Where a static page is linked.
        Place { name: "place", label: "Link to this page", noun: "a place", is_secret: false },
        /// The address that a redirect leads away from.
        OldPath { name: "old_path", label: "Old address", noun: "an old address", is_secret: false },
        /// The address that a redirect leads to.
        Target { name: "target", label: "New address", noun: "a new address", is_secret: false },
        /// The ground of a report.
        Kind { name: "kind", label: "What is wrong", noun: "what is wrong", is_secret: false },
        /// The words of a report.
        Report { name: "report_content", label: "What we should know", noun: "what we should know", is_secret: false },
        /// The words of an appeal.
        Appeal { name: "appeal_content", label: "Why this is wrong", noun: "why this is wrong", is_secret: false },
        /// The outcome of an appeal.
        Outcome { name: "outcome", label: "Decision", noun: "a decision", is_secret: false },
        /// The ground of a decision.
        Ground { name: "ground", label: "Ground", noun: "a ground", is_secret: false },
        /// The reason of a moderator.
        Reason { name: "reason", label: "Reason", noun: "a reason", is_secret: false },
        /// The role of an invited person.
        Role { name: "role", label: "Role", noun: "a role", is_secret: false },
        /// The number of people who can use an invitation.
        Uses { name: "uses", label: "Number of people", noun: "a number", is_secret: false },
        /// The number of days for which an invitation is valid or an account is frozen.
        Days { name: "days", label: "Days until it ends", noun: "a number of days", is_secret: false },
        /// The accent colour of the site.
        Accent { name: "accent", label: "Accent colour", noun: "a colour", is_secret: false },
        /// The custom CSS of the site.
        CustomCss { name: "custom_css", label: "Custom CSS", noun: "CSS", is_secret: false },
        /// The file of the site's logo.
        Logo { name: "logo", label: "Logo", noun: "a picture", is_secret: false },
        /// The file of the site's icon.
        Icon { name: "icon", label: "Icon", noun: "a picture", is_secret: false },
    }

    /// Returns the name in requests, which is also the id on the page.
    pub const fn name(self) -> &'static str;
    /// Returns the label.
    pub const fn label(self) -> &'static str;
    /// Returns the noun for messages such as "Enter a username".
    pub const fn noun(self) -> &'static str;
    /// Returns whether the value must not be sent back to the page.
    pub const fn is_secret(self) -> bool;
}

impl Field {
    /// Returns the field called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}
