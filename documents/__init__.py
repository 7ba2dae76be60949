"""What the product sends: mails, SMS and calendar entries, made of facts alone so that they can be rendered anywhere."""

from documents.ical import calendar
from documents.rendering import NothingToSay, render_mail, render_notice, render_sms
from documents.wording import LOCALES

__all__ = ["LOCALES", "NothingToSay", "calendar", "render_mail", "render_notice", "render_sms"]
