"""The words of the page that a copy of somebody's data brings along, in English and in Swahili."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Your data at Elite Events Kenya",
        "intro": "This is everything that we keep about you, table by table, as it was on",
        "machine": "The same is there for programs to read, whole and unshortened, in",
        "left_out": "Left out are what would be a key to your account, such as your password’s hash, and what belongs to others.",
        "private": "This page is about you alone. Keep it as you would keep a letter from your bank.",
        "yes": "yes",
        "no": "no",
    },
    "sw": {
        "title": "Data yako kwa Elite Events Kenya",
        "intro": "Haya ndiyo yote tunayotunza kukuhusu, jedwali kwa jedwali, kama yalivyokuwa",
        "machine": "Hayo hayo yako kamili, bila kufupishwa, kwa ajili ya kusomwa na programu, kwenye",
        "left_out": "Tumeacha vinavyoweza kufungua akaunti yako, kama alama ya nenosiri lako, na vilivyo vya watu wengine.",
        "private": "Ukurasa huu unakuhusu wewe peke yako. Utunze kama barua kutoka benki yako.",
        "yes": "ndiyo",
        "no": "hapana",
    },
}

#: The headline of each table of the registry of personal data.
SECTIONS = {
    "account": {"en": "Your account", "sw": "Akaunti yako"},
    "identities": {"en": "Other accounts that you sign in with", "sw": "Akaunti nyingine unazoingia nazo"},
    "two_factor": {"en": "Your second factor", "sw": "Uthibitisho wako wa pili"},
    "uploads": {"en": "Files that you sent us", "sw": "Faili ulizotutumia"},
    "sessions": {"en": "Where you signed in", "sw": "Ulipoingia"},
    "links_in_mails": {"en": "Links and codes that we sent you", "sw": "Viungo na nambari tulizokutumia"},
    "devices": {"en": "Devices for push messages", "sw": "Vifaa vya kupokea taarifa"},
    "repeated_requests": {
        "en": "Requests that your app made safe to repeat",
        "sw": "Maombi yaliyolindwa dhidi ya kurudiwa",
    },
    "preferences": {"en": "What you want to be told", "sw": "Unachotaka kuarifiwa"},
    "notifications": {"en": "What we told you", "sw": "Tulichokuarifu"},
    "notifications_of_both_sides": {
        "en": "What we told you of bookings, without words that may name others",
        "sw": "Tulichokuarifu kuhusu nafasi, bila maneno yanayoweza kutaja wengine",
    },
    "deliveries": {"en": "Mails and SMS that we sent you", "sw": "Barua pepe na SMS tulizokutumia"},
    "data_exports": {"en": "Copies of your data", "sw": "Nakala za data yako"},
    "what_you_did": {"en": "What you did, as our log has it", "sw": "Uliyofanya, kwa kumbukumbu zetu"},
    "guide_profile": {"en": "Your profile as a guide", "sw": "Wasifu wako wa mwongozaji"},
    "licences_sent": {"en": "Licences that you sent", "sw": "Leseni ulizotuma"},
    "guide_applications": {"en": "Your applications as a guide", "sw": "Maombi yako ya kuwa mwongozaji"},
    "application_history": {"en": "What happened to your applications", "sw": "Yaliyotokea kwenye maombi yako"},
    "timetables": {"en": "Your timetables", "sw": "Ratiba zako"},
    "searches": {"en": "What you searched for", "sw": "Ulichotafuta"},
    "experiences": {"en": "What you offer", "sw": "Unachotoa"},
    "pictures_of_experiences": {"en": "Pictures of what you offer", "sw": "Picha za matembezi unayotoa"},
    "exceptions_from_hours": {"en": "Days that differ from your hours", "sw": "Siku zilizo tofauti na saa zako"},
    "hours": {"en": "Your hours", "sw": "Saa zako"},
    "bookings": {"en": "Your bookings", "sw": "Nafasi ulizohifadhi"},
    "bookings_as_guide": {"en": "Bookings with you as the guide", "sw": "Nafasi zilizohifadhiwa kwako"},
    "booking_history": {"en": "What happened to your bookings", "sw": "Yaliyotokea kwenye nafasi zako"},
    "prices": {"en": "Prices, line by line", "sw": "Bei, mstari kwa mstari"},
    "amounts_due": {"en": "What was due", "sw": "Kiasi kilichodaiwa"},
    "payments": {"en": "Your payments", "sw": "Malipo yako"},
    "payment_history": {"en": "What was said about your payments", "sw": "Yaliyosemwa kuhusu malipo yako"},
    "refunds": {"en": "Money that goes back to you", "sw": "Pesa unazorudishiwa"},
    "messages_from_providers": {
        "en": "What payment providers told us",
        "sw": "Watoa huduma za malipo walichotuambia",
    },
    "conversations": {"en": "Whom you wrote with", "sw": "Mazungumzo yako"},
    "messages_sent": {"en": "Messages that you wrote", "sw": "Ujumbe ulioandika"},
    "messages_received": {"en": "Messages that you got", "sw": "Ujumbe uliopokea"},
    "reviews": {"en": "Your reviews", "sw": "Maoni yako"},
    "reviews_as_guide": {"en": "Reviews of what you led", "sw": "Maoni kuhusu ulichoongoza"},
}
