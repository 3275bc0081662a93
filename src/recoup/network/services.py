"""Sites that victims name beside the fraud: exchanges, mail, chat, shops and free hosting.

They link no two complaints. Well-known public names as of 2024; a case adds its own with `services`.
"""

from __future__ import annotations

_EXCHANGES = """
binance.com binance.us coinbase.com crypto.com kraken.com gemini.com bitstamp.net bitfinex.com bybit.com okx.com
huobi.com kucoin.com gate.io bitmart.com mexc.com bitpanda.com blockchain.com metamask.io trustwallet.com
trust.com coinlist.co uniswap.org pancakeswap.finance opensea.io myetherwallet.com ledger.com trezor.io
moonpay.com simplex.com changelly.com robinhood.com etoro.com cash.app venmo.com paypal.com revolut.com wise.com
zellepay.com westernunion.com skrill.com neteller.com etherscan.io bscscan.com tronscan.org coinmarketcap.com
coingecko.com tradingview.com metatrader5.com
"""
_COMMON = """
google.com gmail.com yahoo.com hotmail.com outlook.com live.com aol.com icloud.com protonmail.com proton.me
mail.ru yandex.ru web.de gmx.de gmx.net t-online.de orange.fr free.fr libero.it walla.co.il facebook.com
instagram.com linkedin.com twitter.com x.com tiktok.com youtube.com whatsapp.com wa.me telegram.org t.me
telegram.me telegra.ph discord.com discord.gg line.me wechat.com signal.org skype.com viber.com zoom.us
reddit.com medium.com tumblr.com tinder.com bumble.com hinge.co okcupid.com match.com apple.com microsoft.com
amazon.com ebay.com ca.gov ic3.gov ftc.gov sec.gov cftc.gov wikipedia.org trustpilot.com bit.ly bitly.com
"""
_HOSTING = """
droppages.com bitballoon.com byethost32.com byethost8.com epizy.com webz.cz czweb.org euweb.cz tw1.su jsbin.com
typeform.com netlify.com netlify.app kissr.com webcindario.com getforge.io 000webhostapp.com updog.co
paperplane.io neocities.org htmlpasta.com rf.gd 1gb.ru wixsite.com weebly.com wordpress.com blogspot.com
github.io herokuapp.com firebaseapp.com web.app glitch.me
"""
KNOWN_SERVICES = frozenset((_EXCHANGES + _COMMON + _HOSTING).split())
